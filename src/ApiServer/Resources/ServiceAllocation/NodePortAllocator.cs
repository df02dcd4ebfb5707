using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>Ports that nodes open for Services, those for health checks of load balancers included.</summary>
internal sealed class NodePortAllocator(PortRange range, Random random)
{
    /// <summary>Fills the node ports that a Service leaves open, and notes what it takes and gives back. Returns what cannot be had.</summary>
    public async ValueTask<IReadOnlyList<FieldError>> AllocateAsync(
        WriteAttempt attempt, AllocationChanges changes, CancellationToken cancellationToken)
    {
        var held = Ports(attempt.Old.ObjectAt("spec"));
        var errors = new List<FieldError>();
        if (attempt.Object.ObjectAt("spec") is { } spec && (Ports(spec).Except(held).Any() || HasOpen(spec)))
        {
            var taken = await ReadTakenAsync(attempt.Storage, cancellationToken);
            taken.ExceptWith(held);
            errors.AddRange(Check(spec, held, taken));
            if (errors.Count == 0)
            {
                Fill(spec, [.. taken, .. Ports(spec)]);
            }
        }

        var wanted = Ports(attempt.Object.ObjectAt("spec"));
        var owner = Encoding.UTF8.GetBytes($"{attempt.Object.StringAt("metadata", "namespace")}/{attempt.Object.StringAt("metadata", "name")}");
        foreach (var port in wanted.Except(held))
        {
            changes.Take(AllocationKeys.NodePort(port), owner);
        }

        foreach (var port in held.Except(wanted))
        {
            changes.GiveBack(AllocationKeys.NodePort(port));
        }

        return errors;
    }

    private static HashSet<long> Ports(JsonObject? spec)
    {
        var ports = spec.ObjectsAt("ports").Select(port => port.IntegerAt("nodePort") ?? 0).Where(port => port > 0).ToHashSet();
        if (spec.IntegerAt("healthCheckNodePort") is { } health and > 0)
        {
            ports.Add(health);
        }

        return ports;
    }

    private static bool HasOpen(JsonObject spec) =>
        (ServiceUpdates.NeedsNodePort(spec) && spec.ObjectsAt("ports").Any(IsOpen)) || IsHealthCheckOpen(spec);

    private static bool IsOpen(JsonObject port) => port.IntegerAt("nodePort") is null or 0;

    private static bool IsHealthCheckOpen(JsonObject spec) =>
        ServiceUpdates.NeedsHealthCheckPort(spec) && spec.IntegerAt("healthCheckNodePort") is null or 0;

    private IEnumerable<FieldError> Check(JsonObject spec, HashSet<long> held, HashSet<long> taken)
    {
        foreach (var (index, port) in spec.ObjectsAt("ports").Index())
        {
            if (port.IntegerAt("nodePort") is { } number and > 0 && !held.Contains(number) && FindFault(number, taken) is { } fault)
            {
                yield return FieldError.Invalid($"spec.ports[{index}].nodePort", number, fault);
            }
        }

        if (spec.IntegerAt("healthCheckNodePort") is { } health and > 0 && !held.Contains(health) && FindFault(health, taken) is { } reason)
        {
            yield return FieldError.Invalid("spec.healthCheckNodePort", health, reason);
        }
    }

    private string? FindFault(long port, HashSet<long> taken)
    {
        if (!range.Contains(port))
        {
            return $"provided port is not in the valid range. The range of valid ports is {range}";
        }

        return taken.Contains(port) ? "provided port is already allocated" : null;
    }

    private void Fill(JsonObject spec, HashSet<long> taken)
    {
        // One number serves a port of two protocols.
        var byPort = spec.ObjectsAt("ports")
            .Where(port => !IsOpen(port))
            .DistinctBy(port => port.IntegerAt("port"))
            .ToDictionary(port => port.IntegerAt("port") ?? 0, port => (Number: port.IntegerAt("nodePort") ?? 0, Protocol: port.StringAt("protocol")));
        foreach (var port in ServiceUpdates.NeedsNodePort(spec) ? spec.ObjectsAt("ports").Where(IsOpen) : [])
        {
            var number = port.IntegerAt("port") ?? 0;
            if (!byPort.TryGetValue(number, out var known) || known.Protocol == port.StringAt("protocol"))
            {
                known = (Pick(taken), port.StringAt("protocol"));
                byPort[number] = known;
            }

            port["nodePort"] = known.Number;
        }

        if (IsHealthCheckOpen(spec))
        {
            spec["healthCheckNodePort"] = Pick(taken);
        }
    }

    private long Pick(HashSet<long> taken)
    {
        // Any free one of the dynamic part with equal chance; then the first free one of the rest.
        var start = random.Next(range.DynamicStart, range.Last + 1);
        var candidates = Enumerable.Range(start, range.Last + 1 - start)
            .Concat(Enumerable.Range(range.DynamicStart, start - range.DynamicStart))
            .Concat(Enumerable.Range(range.First, range.DynamicStart - range.First));
        foreach (var candidate in candidates)
        {
            if (taken.Add(candidate))
            {
                return candidate;
            }
        }

        throw StatusException.InternalError("failed to allocate a nodePort: range is full");
    }

    private static async ValueTask<HashSet<long>> ReadTakenAsync(IKeyValueStore storage, CancellationToken cancellationToken)
    {
        var result = await storage.RangeAsync(new RangeQuery(KeyRange.Prefix(AllocationKeys.NodePorts)), cancellationToken);
        return [.. result.Items.Select(item => long.Parse(item.Key.AsSpan(AllocationKeys.NodePorts.Length), NumberStyles.None, CultureInfo.InvariantCulture))];
    }
}
