"""Files of the room, under COMITY_HOME/events: written so that what is acknowledged stays."""
