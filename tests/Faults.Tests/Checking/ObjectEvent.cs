namespace MiniKube.Faults.Tests.Checking;

/// <summary>One change of one object, as a watcher or the store tells it.</summary>
/// <param name="Type">ADDED, MODIFIED or DELETED.</param>
/// <param name="Name">The object.</param>
/// <param name="Version">The revision of the change.</param>
/// <param name="Value">What it holds after it, or held before its deletion.</param>
internal sealed record ObjectEvent(string Type, string Name, long Version, string Value);
