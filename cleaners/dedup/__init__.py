"""Duplicates among press texts: sketches to find candidates, a full comparison to judge them, clusters.

sketch(text)                  the hashes that stand for a text in the warehouse
compare(candidate)            how two texts relate, with the evidence, or None
relate(candidates)            the same for many, each text shingled once
cluster(pairs, contenders)    who belongs with whom, whatever the order
"""

from tamis.cleaners.dedup.clusters import cluster
from tamis.cleaners.dedup.pairs import compare, relate
from tamis.cleaners.dedup.shingles import VERSION, sketch

__all__ = ["VERSION", "cluster", "compare", "relate", "sketch"]
