namespace MiniKube.Client;

/// <summary>A list and the version that a watch goes on from. Continue is empty on the last page.</summary>
public sealed record ObjectList<T>(string ResourceVersion, string Continue, IReadOnlyList<T> Items);
