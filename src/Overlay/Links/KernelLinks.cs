using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Hosting.Commands;
using MiniKube.Overlay.Subnets;

namespace MiniKube.Overlay.Links;

/// <summary>The kernel's links, routes and neighbours, through the commands <c>ip</c> and <c>bridge</c>.</summary>
internal sealed class KernelLinks(ICommandRunner commands)
{
    /// <summary>What an <c>ip -json</c> or <c>bridge -json</c> command printed: a list of objects.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string command, string arguments, CancellationToken cancellationToken)
    {
        var outcome = await commands.RunAsync(command, ["-json", .. arguments.Split(' ')], "", cancellationToken);
        var text = outcome.ThrowIfFailed().Output;

        // A list with nothing in it may be printed as nothing. A filter leaves empty objects for what it hides.
        return text.Trim().Length == 0 ? [] : [.. (JsonNode.Parse(text) as JsonArray ?? []).OfType<JsonObject>().Where(item => item.Count > 0)];
    }

    public async Task RunAsync(string command, string arguments, CancellationToken cancellationToken) =>
        (await commands.RunAsync(command, arguments.Split(' '), "", cancellationToken)).ThrowIfFailed();

    /// <summary>Runs many commands as one process; one that fails does not keep the others from running.</summary>
    /// <exception cref="CommandException">At least one failed: the message has the words of each.</exception>
    public async Task RunAllAsync(string command, IReadOnlyCollection<string> lines, CancellationToken cancellationToken)
    {
        if (lines.Count > 0)
        {
            var outcome = await commands.RunAsync(command, ["-force", "-batch", "-"], string.Join('\n', lines) + "\n", cancellationToken);
            outcome.ThrowIfFailed();
        }
    }

    /// <summary>A device with its details; null if there is none of that name.</summary>
    public async Task<JsonObject?> FindAsync(string device, CancellationToken cancellationToken)
    {
        var links = await ListAsync("ip", "-details link show", cancellationToken);
        return links.FirstOrDefault(link => Text(link, "ifname") == device);
    }

    /// <summary>The interface of that name or with that address; with null the one of the default route.</summary>
    /// <exception cref="ConfigException">There is none.</exception>
    public async Task<ExternalInterface> FindExternalAsync(string? nameOrAddress, CancellationToken cancellationToken)
    {
        var wanted = nameOrAddress ?? await DefaultDeviceAsync(cancellationToken);
        foreach (var link in await ListAsync("ip", "-4 addr show", cancellationToken))
        {
            foreach (var address in (link["addr_info"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var isWanted = Text(link, "ifname") == wanted || Text(address, "local") == wanted;
                if (isWanted && Subnet.TryParseAddress(Text(address, "local"), out var number))
                {
                    var network = Subnet.Around(number, address["prefixlen"]!.GetValue<int>());
                    return new ExternalInterface(Text(link, "ifname")!, number, network, link["mtu"]!.GetValue<int>());
                }
            }
        }

        throw new ConfigException($"failed to find an interface with an IPv4 address for --iface={wanted}");
    }

    public static string? Text(JsonObject item, string name) => item[name]?.GetValue<string>();

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string> DefaultDeviceAsync(CancellationToken cancellationToken)
    {
        var routes = await ListAsync("ip", "-4 route show default", cancellationToken);
        return routes.Select(route => Text(route, "dev")).FirstOrDefault(device => device is not null)
            ?? throw new ConfigException("unable to find the default route: name an interface with --iface");
    }
}
