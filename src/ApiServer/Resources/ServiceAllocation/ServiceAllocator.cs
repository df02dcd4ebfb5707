using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.ServiceAllocation;

/// <summary>
/// Gives Services their cluster addresses and node ports, and takes them back, in the transaction that writes the Service: nothing is ever taken twice and
/// nothing leaks, whichever API server dies when. So there is no repair loop as upstream has one.
/// </summary>
internal sealed class ServiceAllocator(AddressAllocator addresses, NodePortAllocator ports) : IWriteParticipant
{
    public static GroupVersionKind Kind { get; } = new("", "v1", "Service");

    public async ValueTask<WriteParts> ParticipateAsync(WriteAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.Subresource.Length > 0)
        {
            return WriteParts.None;
        }

        var parts = new AllocationChanges();
        List<FieldError> errors =
        [
            .. await addresses.AllocateAsync(attempt, parts, cancellationToken),
            .. await ports.AllocateAsync(attempt, parts, cancellationToken),
        ];
        return errors.Count == 0
            ? parts.ToWriteParts()
            : throw StatusException.Invalid(Kind, attempt.Object.StringAt("metadata", "name") ?? "", errors);
    }

    /// <summary>Makes the allocator of a server's ranges.</summary>
    /// <param name="addresses">Where addresses come from.</param>
    /// <param name="portRange">Such as <c>30000-32767</c>.</param>
    /// <param name="random">Chooses, so that servers seldom choose the same at once. Used by many threads: <see cref="Random.Shared"/>, or a lone test's.</param>
    /// <param name="clock">When addresses were given.</param>
    /// <exception cref="FormatException">A range is none.</exception>
    public static ServiceAllocator Create(ServiceRanges addresses, string portRange, Random random, TimeProvider clock) => new(
        new AddressAllocator(addresses, random, clock),
        new NodePortAllocator(PortRange.Parse(portRange), random));
}
