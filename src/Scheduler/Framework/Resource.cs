using System.Collections.Immutable;

using k8s.Models;

using MiniKube.Api.Quantities;

namespace MiniKube.Scheduler.Framework;

/// <summary>Amounts of resources as integers: thousandths of a CPU, bytes, and whole numbers of everything else (extended resources, huge pages).</summary>
internal readonly record struct Resource(long MilliCpu, long Memory, long EphemeralStorage, ImmutableDictionary<string, long> Scalars)
{
    public static readonly Resource Zero = new(0, 0, 0, []);

    /// <summary>Reads quantities; <c>pods</c> is left out, since it is a count of its own.</summary>
    public static Resource From(IDictionary<string, ResourceQuantity>? quantities)
    {
        var sum = Zero;
        foreach (var (name, quantity) in quantities ?? ImmutableDictionary<string, ResourceQuantity>.Empty)
        {
            sum = sum.With(name, quantity);
        }

        return sum;
    }

    public static Resource operator +(Resource left, Resource right) => left.Combine(right, static (a, b) => a + b);

    public static Resource operator -(Resource left, Resource right) => left.Combine(right, static (a, b) => a - b);

    public static Resource Max(Resource left, Resource right) => left.Combine(right, Math.Max);

    public bool Equals(Resource other) =>
        MilliCpu == other.MilliCpu && Memory == other.Memory && EphemeralStorage == other.EphemeralStorage
        && Scalars.Count == other.Scalars.Count
        && Scalars.All(scalar => other.Scalars.TryGetValue(scalar.Key, out var amount) && amount == scalar.Value);

    public override int GetHashCode() => HashCode.Combine(MilliCpu, Memory, EphemeralStorage, Scalars.Count);

    /// <summary>The same with one resource replaced.</summary>
    public Resource With(string name, ResourceQuantity quantity) => name switch
    {
        "cpu" => this with { MilliCpu = Quantity.From(quantity).MilliValue },
        "memory" => this with { Memory = Quantity.From(quantity).Value },
        "ephemeral-storage" => this with { EphemeralStorage = Quantity.From(quantity).Value },
        "pods" => this,
        _ => this with { Scalars = Scalars.SetItem(name, Quantity.From(quantity).Value) },
    };

    private Resource Combine(Resource other, Func<long, long, long> combine)
    {
        var scalars = Scalars;
        foreach (var (name, amount) in other.Scalars)
        {
            scalars = scalars.SetItem(name, combine(scalars.GetValueOrDefault(name), amount));
        }

        return new Resource(
            combine(MilliCpu, other.MilliCpu), combine(Memory, other.Memory), combine(EphemeralStorage, other.EphemeralStorage), scalars);
    }
}
