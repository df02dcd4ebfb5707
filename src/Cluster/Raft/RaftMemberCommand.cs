using System.CommandLine;
using System.Net;

using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

using MiniKube.Hosting;

namespace MiniKube.Cluster.Raft;

/// <summary><c>mk raft member</c>: one member, in this process. Its flags are those of etcd's example, with all members' addresses for clients.</summary>
internal static class RaftMemberCommand
{
    public static Command Create()
    {
        var command = new Command("member", "Run one member in this process.");
        var id = new Option<int>("--id") { Description = "Which member this is, counted from 1.", Required = true };
        var cluster = new Option<string>("--cluster") { Description = "Where all members speak Raft: HOST:PORT,HOST:PORT,…", Required = true };
        var clients = new Option<string>("--clients") { Description = "Where they answer clients, in the same order: http://HOST:PORT,…", Required = true };
        var listen = new Option<string>("--listen-address") { Description = "The address that both ports are opened on.", DefaultValueFactory = _ => "127.0.0.1" };
        var data = new Option<string>("--data-dir") { Description = "The folder of the log and the snapshots.", Required = true };
        command.Options.Add(id);
        command.Options.Add(cluster);
        command.Options.Add(clients);
        command.Options.Add(listen);
        command.Options.Add(data);
        command.Validators.Add(result =>
        {
            var members = Split(result.GetValue(cluster));
            if (members.Length != Split(result.GetValue(clients)).Length || result.GetValue(id) < 1 || result.GetValue(id) > members.Length)
            {
                result.AddError("--cluster and --clients must name every member once, and --id one of them.");
            }

            if (!members.All(member => TryParsePeer(member, out _)) || !Split(result.GetValue(clients)).All(client => Uri.TryCreate(client, UriKind.Absolute, out _)))
            {
                result.AddError("--cluster must be HOST:PORT,… and --clients http://HOST:PORT,…");
            }
        });
        listen.Validators.Add(result =>
        {
            if (!IPAddress.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("--listen-address must be an IP address.");
            }
        });
        command.SetAction((result, cancellationToken) => RunAsync(
            new RaftOptions
            {
                Id = result.GetValue(id),
                Peers = [.. Split(result.GetValue(cluster)).Select(ParsePeer)],
                Clients = [.. Split(result.GetValue(clients)).Select(client => new Uri(client))],
                ListenAddress = IPAddress.Parse(result.GetRequiredValue(listen)),
                DataFolder = result.GetRequiredValue(data),
            },
            cancellationToken));
        return command;
    }

    internal static async Task RunAsync(RaftOptions options, CancellationToken cancellationToken)
    {
        var builder = ComponentHost.CreateBuilder($"raft{options.Id}", new LoggingOptions());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.ListenAddress, options.Self.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton(options).AddSingleton<RaftMember>().AddSingleton<RaftApi>();
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredService<RaftMember>());
        await using var app = builder.Build();
        app.Services.GetRequiredService<RaftApi>().Map(app);
        await ComponentHost.RunAsync(app, cancellationToken);
    }

    private static string[] Split(string? list) => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static EndPoint ParsePeer(string text) => TryParsePeer(text, out var peer) ? peer! : throw new ArgumentException($"{text} is no HOST:PORT.", nameof(text));

    private static bool TryParsePeer(string text, out EndPoint? peer)
    {
        var colon = text.LastIndexOf(':');
        peer = colon < 1 || !ushort.TryParse(text[(colon + 1)..], out var port) ? null
            : IPAddress.TryParse(text[..colon], out var address) ? new IPEndPoint(address, port)
            : new DnsEndPoint(text[..colon], port);
        return peer is not null;
    }
}
