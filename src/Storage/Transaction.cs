namespace MiniKube.Storage;

/// <summary>Compares, then puts and deletes, all or nothing.</summary>
public sealed record Transaction(IReadOnlyList<Compare> Compares, IReadOnlyList<Operation> Operations);
