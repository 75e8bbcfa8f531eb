"""Draw the charts of the report: numbers and ready labels in, SVG out.

One chart is one module with one function. A chart knows neither the report nor the catalog: its caller chooses the
numbers and writes every label and the text alternative. All lengths are in points, at the size in which a chart is
printed, so that the text of all charts has one size.
"""
