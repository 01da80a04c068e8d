"""The supervisor's model rung: where the rules cannot tell the way, one of two, both of which end at a person."""
