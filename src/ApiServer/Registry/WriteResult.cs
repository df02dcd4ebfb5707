using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Registry;

/// <summary>What became of a write.</summary>
/// <param name="Json">The object as it is served now (of a deletion: as it was last).</param>
/// <param name="Object">The same as nodes.</param>
/// <param name="IsGone">Whether the object is not there any more.</param>
/// <param name="IsCreated">Whether the write made the object.</param>
internal sealed record WriteResult(ReadOnlyMemory<byte> Json, JsonObject Object, bool IsGone = false, bool IsCreated = false);
