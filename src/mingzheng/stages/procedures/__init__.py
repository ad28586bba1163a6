"""The spine of every procedure: registration, lots, appointments, standing, clocks, holds, and the act decorator."""
