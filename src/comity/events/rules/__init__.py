"""What the room decides, pure: frames in, frames out."""
