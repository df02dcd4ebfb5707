using System.CommandLine;
using System.Net;
using System.Net.Sockets;

using Microsoft.Extensions.Hosting;

using MiniKube.Cluster.Gateway;
using MiniKube.Hosting;

namespace MiniKube.Cluster.Commands;

/// <summary>
/// <c>mk gateway</c>: stands in two networks. It runs in the machine's, leads a port of the machine to the API server on a host, and is the host's way to registries; each if asked to.
/// </summary>
internal static class GatewayCommand
{
    public static Command Create()
    {
        var command = new Command("gateway", "Join the machine's network with a host's.") { Hidden = true };
        var network = new Option<string>("--host-network") { Description = "The host's network namespace (a file).", Required = true };
        var listen = EndPointOption("--listen", "Where the machine reaches the API server.");
        var forward = EndPointOption("--forward-to", "Where the API server is, on the host's network.");
        var proxy = EndPointOption("--proxy", "Where the host reaches the proxy for image pulls.");
        command.Options.Add(network);
        command.Options.Add(listen);
        command.Options.Add(forward);
        command.Options.Add(proxy);
        command.Validators.Add(result =>
        {
            if (result.GetResult(listen) is null != result.GetResult(forward) is null)
            {
                result.AddError("--listen and --forward-to belong together.");
            }
        });
        command.SetAction((result, cancellationToken) => RunAsync(
            new NetworkNamespace(result.GetRequiredValue(network)), EndPoint(result.GetValue(listen)), EndPoint(result.GetValue(forward)), EndPoint(result.GetValue(proxy)), cancellationToken));
        return command;
    }

    private static IPEndPoint? EndPoint(string? text) => text is null ? null : IPEndPoint.Parse(text);

    private static Option<string?> EndPointOption(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (!IPEndPoint.TryParse(result.GetValueOrDefault<string>() ?? "", out _))
            {
                result.AddError($"{name} must be ADDRESS:PORT.");
            }
        });
        return option;
    }

    private static async Task RunAsync(NetworkNamespace hostNetwork, IPEndPoint? listen, IPEndPoint? forwardTo, IPEndPoint? proxy, CancellationToken cancellationToken)
    {
        var builder = ComponentHost.CreateBuilder("gateway", new LoggingOptions()).ServeAt(new ServingOptions { SecurePort = 0 });
        if (listen is not null && forwardTo is not null)
        {
            builder.Services.AddSingleton<IHostedService>(services => new Forwarder(
                Bind(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), listen), hostNetwork, forwardTo, services.GetRequiredService<ILogger<Forwarder>>()));
        }

        if (proxy is not null)
        {
            builder.Services.AddSingleton<IHostedService>(services => new ConnectProxy(
                Bind(hostNetwork.CreateSocket(), proxy), services.GetRequiredService<ILogger<ConnectProxy>>()));
        }

        await using var app = builder.Build();
        await ComponentHost.RunAsync(app, cancellationToken);
    }

    private static Socket Bind(Socket socket, IPEndPoint address)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(address);
        return socket;
    }
}
