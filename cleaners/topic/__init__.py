"""What a corpus is about: learnt from a few seed texts, kept in a file that a person edits, scored with evidence.

learn(seeds, name, previous)   the topic of some clean texts; what a person edited in ``previous`` stays
parse_topic, render_topic      topic.toml and back
score(topic, title=…, text=…)  how much a page is on topic, and by which terms
"""

from tamis.cleaners.topic.learning import learn
from tamis.cleaners.topic.notation import parse_topic, render_topic
from tamis.cleaners.topic.records import Group, Match, Relevance, Seed, Term, Topic
from tamis.cleaners.topic.scoring import score

__all__ = ["Group", "Match", "Relevance", "Seed", "Term", "Topic", "learn", "parse_topic", "render_topic", "score"]
