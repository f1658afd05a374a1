"""Pure rules of meters: the stream of events, the checks of a reading, consumption and estimates."""
