"""Words and numbers of this room's templates."""
