"""The demo season and the simulator. `corpus` is plain data and generators: no Django, no clock."""
