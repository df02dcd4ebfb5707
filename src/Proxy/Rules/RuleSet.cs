namespace MiniKube.Proxy.Rules;

/// <summary>All that the proxy does in one family, ordered by name so that equal states give equal texts.</summary>
internal sealed record RuleSet(IPFamily Family, IReadOnlyList<ServiceRules> Services);
