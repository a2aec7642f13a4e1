"""Drawing invented papers and dossiers, with their truth.

Every person, agency and number is invented. `benchmarks.drawing.paper.draw_paper` draws one paper,
`benchmarks.drawing.dossier` whole dossiers, `python -m benchmarks.drawing` writes them to a folder.
"""
