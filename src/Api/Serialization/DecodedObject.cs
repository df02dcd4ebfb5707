using System.Text.Json.Nodes;

namespace MiniKube.Api.Serialization;

/// <summary>What a body holds, once checked against its type.</summary>
/// <param name="Object">Typed, pruned and normalized: safe to work on.</param>
/// <param name="StrictErrors">Unknown and duplicate fields with their path (<c>unknown field "spec.foo"</c>), at most 100. They are not in the object;
/// of duplicates the last counts. Field validation makes an error (Strict), warnings (Warn) or nothing (Ignore) of them.</param>
public sealed record DecodedObject(JsonObject Object, IReadOnlyList<string> StrictErrors);
