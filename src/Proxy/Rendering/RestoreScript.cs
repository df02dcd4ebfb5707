using System.Text;

namespace MiniKube.Proxy.Rendering;

/// <summary>
/// Texts for <c>iptables-restore --noflush</c>: a chain that is declared is emptied and filled anew, all others stay as they are; each table
/// changes at once or not at all. Pure.
/// </summary>
internal static class RestoreScript
{
    /// <summary>
    /// Brings the kernel from one state of our chains to another; empty when they are alike.
    /// </summary>
    /// <param name="before">What was applied last. A table that is missing here is written in full.</param>
    /// <param name="after">What shall be.</param>
    /// <param name="leftOver">Chains of an earlier run to delete, by table.</param>
    public static string Between(
        IReadOnlyList<IptablesTable> before, IReadOnlyList<IptablesTable> after, IReadOnlyDictionary<string, IReadOnlyList<string>> leftOver)
    {
        var script = new StringBuilder();
        foreach (var table in after)
        {
            var known = before.FirstOrDefault(old => old.Name == table.Name)?.Chains;
            var changed = table.Chains.Values.Where(chain => known?.GetValueOrDefault(chain.Name) is not { } old || !chain.SameAs(old)).ToList();
            var gone = (known?.Keys ?? leftOver.GetValueOrDefault(table.Name) ?? []).Where(name => !table.Chains.ContainsKey(name)).ToList();
            Append(script, table.Name, changed, gone);
        }

        return script.ToString();
    }

    private static void Append(StringBuilder script, string table, List<Chain> changed, List<string> gone)
    {
        if (changed.Count == 0 && gone.Count == 0)
        {
            return;
        }

        script.Append('*').Append(table).Append('\n');
        foreach (var name in changed.Select(chain => chain.Name).Concat(gone))
        {
            script.Append(':').Append(name).Append(" - [0:0]\n");
        }

        foreach (var chain in changed)
        {
            foreach (var rule in chain.Rules)
            {
                script.Append("-A ").Append(chain.Name).Append(' ').Append(rule).Append('\n');
            }
        }

        // Emptied above, and nothing jumps to them any more.
        foreach (var name in gone)
        {
            script.Append("-X ").Append(name).Append('\n');
        }

        script.Append("COMMIT\n");
    }
}
