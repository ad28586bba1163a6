"""What every part shares and nobody owns: events, refusals, actors, time, money, ports. Imports nothing of ours."""
