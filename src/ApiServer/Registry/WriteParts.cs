using MiniKube.Storage;

namespace MiniKube.ApiServer.Registry;

/// <summary>What a transaction checks and changes besides the object itself.</summary>
public sealed record WriteParts(IReadOnlyList<Compare> Compares, IReadOnlyList<Operation> Operations)
{
    public static WriteParts None { get; } = new([], []);
}
