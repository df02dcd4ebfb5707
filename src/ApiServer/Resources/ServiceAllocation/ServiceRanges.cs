using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>The ranges that Services may have addresses of: those of <c>--service-cluster-ip-range</c>, and those of ServiceCIDRs that are ready and stay.</summary>
/// <param name="own">Those of the flag: they say of which families Services are.</param>
internal sealed class ServiceRanges(IReadOnlyList<AddressRange> own)
{
    private volatile Cacher? _objects;
    private volatile Known? _known;

    public IReadOnlyList<AddressRange> Own => own;

    /// <summary>The server's own first.</summary>
    public IReadOnlyList<AddressRange> All
    {
        get
        {
            if (_objects?.Snapshot.Objects is not { } objects)
            {
                return own;
            }

            if (_known is { } known && ReferenceEquals(known.Objects, objects))
            {
                return known.Ranges;
            }

            var ranges = own.ToList();
            objects.VisitPrefix("", "", stored =>
            {
                ranges.AddRange(Of(ObjectCodec.Parse(stored.Json.Span)).Where(range => !ranges.Exists(other => other.Cidr == range.Cidr)));
                return true;
            });
            _known = new Known(objects, ranges);
            return ranges;
        }
    }

    /// <param name="flag">One CIDR, or one of each family with a comma between them.</param>
    /// <exception cref="FormatException">A range is none.</exception>
    public static ServiceRanges Parse(string flag) => new([.. flag.Split(',').Select(cidr => new AddressRange(cidr.Trim()))]);

    /// <summary>Counts in what ServiceCIDRs say from now on.</summary>
    public void Follow(Cacher objects) => _objects = objects;

    // One without a condition is ready: there may be no controller manager to say so.
    private static IEnumerable<AddressRange> Of(JsonObject range)
    {
        var ready = range.ObjectsAt("status", "conditions").FirstOrDefault(condition => condition.StringAt("type") == "Ready").StringAt("status") ?? "True";
        return ready != "True" || range.At("metadata", "deletionTimestamp") is not null
            ? []
            : (range.At("spec", "cidrs") as JsonArray ?? []).Select(FieldPath.Text).Where(cidr => RangeText.TryParse(cidr, out _, out _)).Select(cidr => new AddressRange(cidr));
    }

    private sealed record Known(object Objects, IReadOnlyList<AddressRange> Ranges);
}
