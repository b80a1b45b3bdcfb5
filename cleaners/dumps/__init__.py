"""The learnt judge of text dumps: how likely each line is content."""
