namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>The cells of one object version as JSON texts; null for those that change with time and are made for each answer.</summary>
internal sealed record TableCells(IReadOnlyList<ReadOnlyMemory<byte>?> Cells);
