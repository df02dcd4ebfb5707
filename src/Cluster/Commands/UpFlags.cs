using System.CommandLine;
using System.Net;
using System.Net.Sockets;

using MiniKube.Cluster.Gateway;
using MiniKube.Cluster.Plans;

namespace MiniKube.Cluster.Commands;

/// <summary>The flags that say what cluster <c>mk up</c> makes.</summary>
internal sealed class UpFlags
{
    private const int FirstPort = 6443;
    private const int LastPort = 6542;

    private readonly Option<int?> _port = new("--port") { Description = "The port on 127.0.0.1 that leads to the API server. Default: 6443, or the next free one." };
    private readonly Option<StoreKind> _store = new("--store") { Description = "Where the API server keeps its objects: embedded (SQLite) or etcd." };
    private readonly Option<int> _masters = Count("--masters", "Masters. More than one need --etcd, and get a load balancer.", ClusterNetwork.MostMasters);
    private readonly Option<int> _etcd = new("--etcd") { Description = "Hosts that run etcd and nothing else: three stand the loss of one. 0: the first node is also the master." };
    private readonly Option<int> _nodes = Count("--nodes", "Nodes with Docker.", ClusterNetwork.MostNodes);
    private readonly Option<bool> _fastFailover = new("--fast-failover") { Description = "Elect leaders with leases of 5 s, renewed within 3 s, tried every second, instead of 15, 10 and 2 s." };
    private readonly Option<LoadBalancing> _loadBalancing = new("--load-balancer")
    {
        Description = "How the load balancer passes requests on: passthrough (TLS goes through it) or termination (TLS ends there; masters are told who asks).",
    };

    private readonly Option<string> _overlay = new("--overlay")
    {
        Description = "How pods of different nodes reach each other: vxlan or host-gw (as Flannel, subnets leased in etcd; the first is the default with --etcd), or none (routes by plan).",
    };

    private readonly Option<bool> _bare = new("--bare") { Description = "Make the hosts and put nothing on them: a cluster is formed on them by hand (docs/ha-by-hand.md)." };
    private readonly Option<int> _hollowNodes = new("--hollow-nodes") { Description = "Make this many nodes in memory, without Docker." };

    private readonly Option<string[]> _insecureRegistries = new("--insecure-registry")
    {
        Description = $"A registry that speaks plain HTTP. The machine itself is {ConnectProxy.MachineHostName}: its registry on port 5000 may always.",
    };

    public UpFlags(Command command)
    {
        _hollowNodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--hollow-nodes must not be negative.");
            }
        });
        _etcd.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > ClusterNetwork.MostEtcdMembers)
            {
                result.AddError($"--etcd must be from 0 to {ClusterNetwork.MostEtcdMembers}.");
            }
        });
        _overlay.AcceptOnlyFromAmong("vxlan", "host-gw", "none");
        command.Options.Add(_overlay);
        command.Options.Add(_port);
        command.Options.Add(_masters);
        command.Options.Add(_etcd);
        command.Options.Add(_nodes);
        command.Options.Add(_fastFailover);
        command.Options.Add(_loadBalancing);
        command.Options.Add(_store);
        command.Options.Add(_hollowNodes);
        command.Options.Add(_insecureRegistries);
        command.Options.Add(_bare);
    }

    /// <summary>What was asked for. A cluster that exists comes up as it was made: asking it to be another is refused.</summary>
    public ClusterSpec Spec(ParseResult result, ClusterSpec? existing)
    {
        if (existing is null)
        {
            if (result.GetValue(_masters) > 1 && result.GetValue(_etcd) == 0)
            {
                throw new ClusterException("Masters share nothing but etcd: more than one need --etcd (three members stand the loss of one).");
            }

            return new ClusterSpec
            {
                Port = result.GetValue(_port) ?? FreePort(),
                Store = result.GetValue(_etcd) > 0 ? StoreKind.Etcd : result.GetValue(_store),
                Masters = result.GetValue(_masters),
                EtcdMembers = result.GetValue(_etcd),
                Nodes = result.GetValue(_nodes),
                HollowNodes = result.GetValue(_hollowNodes),
                FastFailover = result.GetValue(_fastFailover),
                LoadBalancing = result.GetValue(_loadBalancing),
                Overlay = Overlay(result, result.GetValue(_etcd) > 0),
                Bare = result.GetValue(_bare),
                InsecureRegistries = [$"{ConnectProxy.MachineHostName}:5000", .. result.GetValue(_insecureRegistries) ?? []],
            };
        }

        if (Differs(result, _port, existing.Port)
            || Differs(result, _store, existing.Store)
            || Differs(result, _masters, existing.Masters)
            || Differs(result, _etcd, existing.EtcdMembers)
            || Differs(result, _nodes, existing.Nodes)
            || Differs(result, _hollowNodes, existing.HollowNodes)
            || Differs(result, _bare, existing.Bare)
            || Differs(result, _fastFailover, existing.FastFailover)
            || Differs(result, _loadBalancing, existing.LoadBalancing)
            || (Given(result, _overlay) && Overlay(result, existing.EtcdMembers > 0) != existing.Overlay)
            || Given(result, _insecureRegistries))
        {
            throw new ClusterException("The cluster exists and was made with other flags. Take it down first (mk down), or bring it up again without flags.");
        }

        return existing;
    }

    private OverlayKind Overlay(ParseResult result, bool hasEtcd) => result.GetValue(_overlay) switch
    {
        "none" => OverlayKind.None,
        "host-gw" when hasEtcd => OverlayKind.HostGw,
        null when !hasEtcd || result.GetValue(_hollowNodes) > 0 => OverlayKind.None,
        _ => hasEtcd ? OverlayKind.Vxlan : throw new ClusterException("The overlay leases its subnets in etcd: --overlay needs --etcd."),
    };

    private static Option<int> Count(string name, string description, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => 1 };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var count && (count < 1 || count > most))
            {
                result.AddError($"{name} must be from 1 to {most}.");
            }
        });
        return option;
    }

    private static bool Differs<T>(ParseResult result, Option<T> option, T existing) =>
        Given(result, option) && !EqualityComparer<T>.Default.Equals(result.GetValue(option), existing);

    private static bool Given(ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    private static int FreePort()
    {
        for (var port = FirstPort; port <= LastPort; port++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }

        throw new ClusterException($"No port from {FirstPort} to {LastPort} is free on 127.0.0.1. Name one with --port.");
    }
}
