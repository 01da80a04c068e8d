"""The matcher's model rung: picks among articles that the rules offer, or none; it books nothing."""
