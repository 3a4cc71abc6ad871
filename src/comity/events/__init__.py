"""From a feed to the team that must act."""
