namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>The row of one object version, up to its object, as JSON: texts, and between them the cells that are made for each answer.</summary>
/// <param name="Texts">One more than there are such cells.</param>
/// <param name="Live">What makes those cells, in their order.</param>
internal sealed record TableRow(IReadOnlyList<ReadOnlyMemory<byte>> Texts, IReadOnlyList<Func<DateTimeOffset, System.Text.Json.Nodes.JsonNode?>> Live);
