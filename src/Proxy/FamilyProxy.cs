using k8s.Models;

using MiniKube.Client.Informers;
using MiniKube.Hosting.Commands;
using MiniKube.Proxy.Applying;
using MiniKube.Proxy.Changes;
using MiniKube.Proxy.Rendering;
using MiniKube.Proxy.Rules;

namespace MiniKube.Proxy;

/// <summary>All of one family: what changed, what follows of it, and the kernel's rules.</summary>
internal sealed class FamilyProxy(IPFamily family, ProxyOptions options, IptablesApplier applier, ConntrackCleaner conntrack)
{
    private readonly ServiceChangeTracker _services = new(family);
    private readonly EndpointSliceChangeTracker _endpoints = new(family, options.NodeName);
    private readonly IptablesOptions _iptables = options.Iptables.For(family);
    private RuleSet? _applied;

    /// <summary>Whether the change calls for a sync.</summary>
    public bool Apply(ObjectChange<V1Service> change) => _services.Apply(change);

    public bool Apply(ObjectChange<V1EndpointSlice> change) => _endpoints.Apply(change);

    /// <exception cref="CommandException">Nothing changed; to be tried again.</exception>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        var rules = RuleBuilder.Build(family, _services.Current(), _endpoints.Current());
        await applier.ApplyAsync(IptablesRenderer.Render(rules, _iptables), cancellationToken);
        if (_applied is not null)
        {
            await conntrack.ForgetAsync(StaleFlows.Between(_applied, rules), cancellationToken);
        }

        _applied = rules;
    }

    /// <summary>Whether the rules are still there. If not, the next sync writes all of them.</summary>
    public async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        if (await applier.IsIntactAsync(cancellationToken))
        {
            return true;
        }

        applier.Distrust();
        return false;
    }
}
