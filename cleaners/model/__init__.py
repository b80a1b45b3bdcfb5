"""The learnt block judge: how likely each block is content, from the shape and the company of all blocks."""
