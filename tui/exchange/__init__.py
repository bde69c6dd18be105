"""Other people's formats: what Azure's own tools print, in; comparisons of topologies, out."""
