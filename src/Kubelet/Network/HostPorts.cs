using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

using k8s.Models;

using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Network;

/// <summary>
/// Keeps the rules that lead from ports of the node to pods. Docker would publish ports only if it wrote iptables rules of its own, which nodes do not let it.
/// A kubelet that starts again writes the rules of its pods again, which changes nothing for who uses them.
/// </summary>
internal sealed class HostPorts(NodeNetwork network) : IDisposable
{
    private const string Tables = "nat";
    private const string LocalRouting = "echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet";
    private static readonly string[] Wait = ["-w", "5"];

    private readonly ConcurrentDictionary<string, string> _written = [];
    private readonly SemaphoreSlim _gate = new(1);
    private HashSet<string>? _chains;
    private bool _prepared;

    public void Dispose() => _gate.Dispose();

    /// <summary>Leads the pod's host ports to its address. <see cref="ContainerRuntimeException"/> if the rules cannot be written.</summary>
    public async Task EnsureAsync(V1Pod pod, string podIp, CancellationToken cancellationToken)
    {
        var ports = HostPort.Of(pod);
        if (ports.Count == 0 || podIp.Length == 0)
        {
            return;
        }

        var script = HostPortRules.Script(pod.Uid(), podIp, ports);
        if (_written.TryGetValue(pod.Uid(), out var written) && written == script)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            _chains ??= await FindChainsAsync(cancellationToken);
            await PrepareAsync(_chains, cancellationToken);
            _chains.Add(HostPortRules.ChainOf(pod.Uid(), false));
            await MustAsync("iptables-restore", [.. Wait, "--noflush"], script, cancellationToken);
            await EnsureRuleAsync([HostPortRules.Chain, "-j", HostPortRules.ChainOf(pod.Uid(), false)], cancellationToken);
            await EnsureRuleAsync([HostPortRules.MasqueradeChain, "-j", HostPortRules.ChainOf(pod.Uid(), true)], cancellationToken);
            _written[pod.Uid()] = script;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes the pod's rules away, also those that an earlier kubelet wrote.</summary>
    public async Task RemoveAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _chains ??= await FindChainsAsync(cancellationToken);
            if (!_chains.Contains(HostPortRules.ChainOf(pod.Uid(), false)))
            {
                return;
            }

            // Empty chains first: whatever an earlier try has taken away already is there again.
            await MustAsync("iptables-restore", [.. Wait, "--noflush"], HostPortRules.Script(pod.Uid(), "", []), cancellationToken);
            foreach (var masquerade in (bool[])[false, true])
            {
                var (from, chain) = (masquerade ? HostPortRules.MasqueradeChain : HostPortRules.Chain, HostPortRules.ChainOf(pod.Uid(), masquerade));
                if (await HasRuleAsync([from, "-j", chain], cancellationToken))
                {
                    await MustAsync("iptables", [.. Wait, "-t", Tables, "-D", from, "-j", chain], "", cancellationToken);
                }

                await MustAsync("iptables", [.. Wait, "-t", Tables, "-X", chain], "", cancellationToken);
            }

            _chains.Remove(HostPortRules.ChainOf(pod.Uid(), false));
            _written.TryRemove(pod.Uid(), out _);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The chains that are there already. Where there is no iptables, there are none.</summary>
    private async Task<HashSet<string>> FindChainsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (_, output) = await RunAsync("iptables", [.. Wait, "-t", Tables, "-S"], "", cancellationToken);
            return [.. output.Split('\n').Where(line => line.StartsWith("-N ", StringComparison.Ordinal)).Select(line => line[3..].Trim())];
        }
        catch (Win32Exception)
        {
            return [];
        }
    }

    private async Task PrepareAsync(HashSet<string> chains, CancellationToken cancellationToken)
    {
        if (_prepared)
        {
            return;
        }

        foreach (var chain in ((string[])[HostPortRules.Chain, HostPortRules.MasqueradeChain]).Where(chain => !chains.Contains(chain)))
        {
            await MustAsync("iptables", [.. Wait, "-t", Tables, "-N", chain], "", cancellationToken);
            chains.Add(chain);
        }

        foreach (var jump in HostPortRules.Jumps)
        {
            await EnsureRuleAsync(jump, cancellationToken);
        }

        // So that the ports answer on 127.0.0.1, too.
        await MustAsync("sh", ["-c", LocalRouting], "", cancellationToken);
        _prepared = true;
    }

    private async Task EnsureRuleAsync(string[] rule, CancellationToken cancellationToken)
    {
        if (!await HasRuleAsync(rule, cancellationToken))
        {
            await MustAsync("iptables", [.. Wait, "-t", Tables, "-A", .. rule], "", cancellationToken);
        }
    }

    private async Task<bool> HasRuleAsync(string[] rule, CancellationToken cancellationToken) =>
        (await RunAsync("iptables", [.. Wait, "-t", Tables, "-C", .. rule], "", cancellationToken)).Failure is null;

    private async Task MustAsync(string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        if ((await RunAsync(program, arguments, input, cancellationToken)).Failure is { } failure)
        {
            throw new ContainerRuntimeException($"host ports: {program}: {failure}");
        }
    }

    /// <summary>What a command complained of, or null, and what it wrote.</summary>
    private async Task<(string? Failure, string Output)> RunAsync(string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        var (command, all) = network.Command(program, arguments);
        using var process = Process.Start(new ProcessStartInfo(command, all) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new ContainerRuntimeException($"host ports: {program} could not be started");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        var failure = process.ExitCode == 0 ? null : (await error).Trim() is { Length: > 0 } text ? text : $"exit status {process.ExitCode}";
        return (failure, await output);
    }
}
