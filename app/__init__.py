"""The only room that talks to people and reads the environment."""
