"""Music of one's own: read, judged, and written on. Begin with reading.py; tasks.py says what each task asks for."""
