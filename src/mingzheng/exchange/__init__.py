"""Machine doors: feeds and interfaces other systems call."""
