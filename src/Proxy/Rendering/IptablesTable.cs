namespace MiniKube.Proxy.Rendering;

/// <summary>Our chains in one table (<c>nat</c> or <c>filter</c>), by name, in the order in which they are written.</summary>
internal sealed record IptablesTable(string Name, IReadOnlyDictionary<string, Chain> Chains);
