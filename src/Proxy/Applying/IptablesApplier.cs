using MiniKube.Hosting.Commands;
using MiniKube.Proxy.Rendering;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy.Applying;

/// <summary>
/// Brings the kernel's tables to a state of our chains and touches nothing else in them. Knows what it applied last and writes only what
/// differs; the first time, and when somebody flushed the tables, everything.
/// </summary>
internal sealed partial class IptablesApplier(IPFamily family, ICommandRunner commands, ILogger<IptablesApplier> logger)
{
    // How long to wait for others that change the tables, in seconds. Upstream's number.
    private static readonly string[] Wait = ["-w", "5"];

    private readonly string _iptables = family == IPFamily.IPv4 ? "iptables" : "ip6tables";
    private IReadOnlyList<IptablesTable>? _applied;

    /// <summary>Whether our chains are there as we left them, as far as the canaries tell.</summary>
    public async Task<bool> IsIntactAsync(CancellationToken cancellationToken)
    {
        foreach (var table in _applied ?? [])
        {
            var outcome = await commands.RunAsync(_iptables, [.. Wait, "-t", table.Name, "-S", ChainNames.Canary], "", cancellationToken);
            if (!outcome.Succeeded)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Forgets what was applied: the next time everything is written.</summary>
    public void Distrust() => _applied = null;

    /// <exception cref="CommandException">The tables are as before; what is known of them no more: the next try writes everything.</exception>
    public async Task ApplyAsync(IReadOnlyList<IptablesTable> tables, CancellationToken cancellationToken)
    {
        var before = _applied;
        _applied = null;
        var leftOver = before is null ? await LeftOverAsync(tables, cancellationToken) : [];
        var script = RestoreScript.Between(before ?? [], tables, leftOver);
        if (script.Length > 0)
        {
            await MustAsync($"{_iptables}-restore", [.. Wait, "--noflush"], script, cancellationToken);
            Log.Applied(logger, family, script.Length, before is null);
        }

        if (before is null)
        {
            await EnsureJumpsAsync(cancellationToken);
        }

        _applied = tables;
    }

    // The chains of services that an earlier run left. The fixed ones are written anew in any case.
    private async Task<Dictionary<string, IReadOnlyList<string>>> LeftOverAsync(
        IReadOnlyList<IptablesTable> tables, CancellationToken cancellationToken)
    {
        var chains = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            var saved = await MustAsync($"{_iptables}-save", ["-t", table.Name], "", cancellationToken);
            chains[table.Name] =
            [
                .. from line in saved.Output.Split('\n')
                   where line.StartsWith(':')
                   let name = line[1..].Split(' ')[0]
                   where ChainNames.IsOfAService(name)
                   select name,
            ];
        }

        return chains;
    }

    // After the chains are filled, so that no packet ever meets half of them.
    private async Task EnsureJumpsAsync(CancellationToken cancellationToken)
    {
        foreach (var jump in JumpRule.All)
        {
            var rest = jump.Arguments;
            var there = await commands.RunAsync(_iptables, [.. Wait, "-t", jump.Table, "-C", jump.Chain, .. rest], "", cancellationToken);
            if (!there.Succeeded)
            {
                await MustAsync(_iptables, [.. Wait, "-t", jump.Table, "-I", jump.Chain, .. rest], "", cancellationToken);
            }
        }
    }

    private async Task<CommandOutcome> MustAsync(
        string command, IReadOnlyList<string> arguments, string input, CancellationToken cancellationToken) =>
        (await commands.RunAsync(command, arguments, input, cancellationToken)).ThrowIfFailed();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Applied {Bytes} bytes of {Family} rules (everything: {Everything})")]
        public static partial void Applied(ILogger logger, IPFamily family, int bytes, bool everything);
    }
}
