using MiniKube.Storage;

namespace MiniKube.ApiServer.Registry;

/// <summary>What a transaction checks and changes besides the object itself.</summary>
public sealed record WriteParts(IReadOnlyList<Compare> Compares, IReadOnlyList<Operation> Operations)
{
    public static WriteParts None { get; } = new([], []);

    /// <summary>An annotation of the answer, never stored, that gets the transaction's revision as its value; null for none.</summary>
    public string? RevisionAnnotation { get; init; }
}
