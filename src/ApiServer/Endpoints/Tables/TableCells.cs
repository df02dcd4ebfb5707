namespace MiniKube.ApiServer.Endpoints.Tables;

/// <summary>The cells of one object version as JSON texts; null for those that change with time and are made for each answer.</summary>
/// <param name="Cells">One a column.</param>
/// <param name="Conditions">What is said of the whole row; null for nearly all.</param>
internal sealed record TableCells(IReadOnlyList<ReadOnlyMemory<byte>?> Cells, ReadOnlyMemory<byte>? Conditions);
