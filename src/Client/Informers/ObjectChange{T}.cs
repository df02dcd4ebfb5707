namespace MiniKube.Client.Informers;

/// <summary>A change of one object: Old is null when it was added, New is null when it was deleted (Old is then its last known state).</summary>
public sealed record ObjectChange<T>(T? Old, T? New);
