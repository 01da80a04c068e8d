"""The reader's model rung: asks for a closed reading, and believes nothing that does not stand in the source."""
