using MiniKube.Hosting.Commands;

namespace MiniKube.Overlay.Firewall;

/// <summary>Keeps our chains in iptables as they should be, and touches nothing else there.</summary>
internal sealed class FirewallKeeper(ICommandRunner commands)
{
    // How long to wait for others that change the tables, in seconds.
    private static readonly string[] Wait = ["-w", "5"];

    // What iptables calls our chains: it does not print rules quite as they were written.
    private readonly Dictionary<string, string> _written = new(StringComparer.Ordinal);

    /// <summary>Writes a chain that is not as it was left, or has not been written yet, and the jump to it if that is missing. True if something was.</summary>
    public async Task<bool> EnsureAsync(FirewallChain chain, CancellationToken cancellationToken)
    {
        var changed = false;
        if (!_written.TryGetValue(chain.Name, out var left) || await ShowAsync(chain, cancellationToken) != left)
        {
            var restored = await commands.RunAsync("iptables-restore", [.. Wait, "--noflush"], chain.Script, cancellationToken);
            restored.ThrowIfFailed();
            _written[chain.Name] = await ShowAsync(chain, cancellationToken);
            changed = true;
        }

        string[] table = [.. Wait, "-t", chain.Table];
        var jump = await commands.RunAsync("iptables", [.. table, "-C", chain.Parent, .. chain.Jump], "", cancellationToken);
        if (!jump.Succeeded)
        {
            (await commands.RunAsync("iptables", [.. table, "-A", chain.Parent, .. chain.Jump], "", cancellationToken)).ThrowIfFailed();
            changed = true;
        }

        return changed;
    }

    // Without words if the chain is not there.
    private async Task<string> ShowAsync(FirewallChain chain, CancellationToken cancellationToken) =>
        (await commands.RunAsync("iptables", [.. Wait, "-t", chain.Table, "-S", chain.Name], "", cancellationToken)).Output;
}
