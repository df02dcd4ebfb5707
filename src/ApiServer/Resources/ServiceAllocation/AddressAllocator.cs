using System.Net;
using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>Cluster addresses of Services.</summary>
internal sealed class AddressAllocator(ServiceRanges ranges, Random random, TimeProvider clock)
{
    private const string Headless = "None";

    // Random tries before all taken addresses are read.
    private const int Tries = 8;

    /// <summary>Fills clusterIP, clusterIPs and the families of a Service that has none, and notes what it takes and gives back. Returns what cannot be had.</summary>
    public async ValueTask<IReadOnlyList<FieldError>> AllocateAsync(
        WriteAttempt attempt, AllocationChanges changes, CancellationToken cancellationToken)
    {
        var held = Addresses(attempt.Old.ObjectAt("spec"));
        var wanted = new List<string>();
        if (attempt.Object.ObjectAt("spec") is { } spec && ServiceUpdates.NeedsClusterAddress(spec))
        {
            MirrorFirst(spec);
            ServiceFamilies.Apply(spec, ranges.Own);
            if (spec.StringAt("clusterIP") != Headless)
            {
                if (await ChooseAsync(spec, held, attempt.Storage, cancellationToken) is { } error)
                {
                    return [error];
                }

                wanted = Addresses(spec);
            }
        }

        foreach (var address in wanted.Except(held))
        {
            changes.Take(AllocationKeys.Address(address), IpAddressObject.Create(address, attempt.Object ?? [], clock.GetUtcNow()));
        }

        foreach (var address in held.Except(wanted))
        {
            changes.GiveBack(AllocationKeys.Address(address));
        }

        return [];
    }

    /// <summary>The addresses that a Service has, in the form that they are counted in; what is no address is left to validation.</summary>
    private static List<string> Addresses(JsonObject? spec)
    {
        var all = spec is null || !ServiceUpdates.NeedsClusterAddress(spec) ? [] : (spec["clusterIPs"] as JsonArray ?? []).Select(FieldPath.Text);
        return [.. all.Where(address => AddressText.TryParse(address, out _)).Select(address => AddressText.Canonical(address)).Distinct()];
    }

    // The old field and the first of the new one are the same.
    private static void MirrorFirst(JsonObject spec)
    {
        var first = spec.StringAt("clusterIP");
        if (spec["clusterIPs"] is JsonArray { Count: > 0 } all)
        {
            if (string.IsNullOrEmpty(first))
            {
                spec["clusterIP"] = FieldPath.Text(all[0]);
            }
        }
        else if (!string.IsNullOrEmpty(first))
        {
            spec["clusterIPs"] = new JsonArray(first);
        }
    }

    private async ValueTask<FieldError?> ChooseAsync(
        JsonObject spec, List<string> held, IKeyValueStore storage, CancellationToken cancellationToken)
    {
        var given = (spec["clusterIPs"] as JsonArray ?? []).Select(FieldPath.Text).ToList();
        foreach (var address in given.Where(address => !held.Contains(AddressText.Canonical(address))))
        {
            if (AddressText.TryParse(address, out var parsed) && await FindFaultAsync(parsed, storage, cancellationToken) is { } fault)
            {
                return FieldError.Invalid("spec.clusterIPs", new JsonArray([.. given]), $"failed to allocate IP {address}: {fault}");
            }
        }

        var families = (spec["ipFamilies"] as JsonArray ?? []).Select(FieldPath.Text).ToList();
        foreach (var family in families.Skip(given.Count))
        {
            if (ranges.Own.Any(range => range.Family == family))
            {
                given.Add(await PickAsync([.. ranges.All.Where(range => range.Family == family)], storage, cancellationToken));
            }
        }

        if (given.Count > 0)
        {
            spec["clusterIP"] = given[0];
            spec["clusterIPs"] = new JsonArray([.. given]);
        }

        return null;
    }

    private async ValueTask<string?> FindFaultAsync(IPAddress address, IKeyValueStore storage, CancellationToken cancellationToken)
    {
        if (!ranges.All.Any(range => range.Contains(address)))
        {
            return "the provided network does not match the current range";
        }

        return await IsTakenAsync(AddressText.Write(address), storage, cancellationToken) ? "provided IP is already allocated" : null;
    }

    /// <summary>A free address of the first range that has one.</summary>
    private async ValueTask<string> PickAsync(List<AddressRange> candidates, IKeyValueStore storage, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Tries && candidates[0].Count > 0; i++)
        {
            var address = candidates[0].AddressAt(random.NextInt64(candidates[0].DynamicStart, candidates[0].Count));
            if (!await IsTakenAsync(address, storage, cancellationToken))
            {
                return address;
            }
        }

        var result = await storage.RangeAsync(new RangeQuery(KeyRange.Prefix(AllocationKeys.Addresses)), cancellationToken);
        var taken = result.Items.Select(item => item.Key[AllocationKeys.Addresses.Length..]).ToHashSet(StringComparer.Ordinal);
        foreach (var range in candidates)
        {
            for (var i = 0L; i < range.Count; i++)
            {
                // From the dynamic part on, and around into the part that is left to those who choose.
                var address = range.AddressAt((i + range.DynamicStart) % range.Count);
                if (!taken.Contains(address))
                {
                    return address;
                }
            }
        }

        throw StatusException.InternalError("failed to allocate a serviceIP: range is full");
    }

    private static async ValueTask<bool> IsTakenAsync(string address, IKeyValueStore storage, CancellationToken cancellationToken)
    {
        var key = KeyRange.Single(AllocationKeys.Address(address));
        return (await storage.RangeAsync(new RangeQuery(key, CountOnly: true), cancellationToken)).Count > 0;
    }
}
