namespace MiniKube.Proxy.Rendering;

/// <summary>Collects the rules of one table, chain by chain.</summary>
internal sealed class TableBuilder(string name)
{
    private readonly OrderedDictionary<string, List<string>> _chains = new(StringComparer.Ordinal);

    /// <summary>A chain is there even without rules once it was asked for.</summary>
    public List<string> Chain(string chain)
    {
        if (!_chains.TryGetValue(chain, out var rules))
        {
            _chains[chain] = rules = [];
        }

        return rules;
    }

    public IptablesTable Build()
    {
        var chains = new OrderedDictionary<string, Chain>(StringComparer.Ordinal);
        foreach (var (chain, rules) in _chains)
        {
            chains[chain] = new Chain(chain, rules);
        }

        return new IptablesTable(name, chains);
    }
}
