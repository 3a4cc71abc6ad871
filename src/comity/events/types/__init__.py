"""The nouns of the room: columns of an event, sources, findings."""
