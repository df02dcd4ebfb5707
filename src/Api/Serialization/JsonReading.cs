using System.Text.Json;

namespace MiniKube.Api.Serialization;

/// <summary>Reads a value from a reader that stands at its first token and leaves the reader at its last.</summary>
internal delegate T JsonReading<T>(ref Utf8JsonReader reader);
