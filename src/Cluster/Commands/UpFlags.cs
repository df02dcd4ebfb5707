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
        command.Options.Add(_port);
        command.Options.Add(_store);
        command.Options.Add(_hollowNodes);
        command.Options.Add(_insecureRegistries);
    }

    /// <summary>What was asked for. A cluster that exists comes up as it was made: asking it to be another is refused.</summary>
    public ClusterSpec Spec(ParseResult result, ClusterSpec? existing)
    {
        if (existing is null)
        {
            return new ClusterSpec
            {
                Port = result.GetValue(_port) ?? FreePort(),
                Store = result.GetValue(_store),
                HollowNodes = result.GetValue(_hollowNodes),
                InsecureRegistries = [$"{ConnectProxy.MachineHostName}:5000", .. result.GetValue(_insecureRegistries) ?? []],
            };
        }

        if ((Given(result, _port) && result.GetValue(_port) != existing.Port)
            || (Given(result, _store) && result.GetValue(_store) != existing.Store)
            || (Given(result, _hollowNodes) && result.GetValue(_hollowNodes) != existing.HollowNodes)
            || Given(result, _insecureRegistries))
        {
            throw new ClusterException("The cluster exists and was made with other flags. Take it down first (mk down), or bring it up again without flags.");
        }

        return existing;
    }

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
