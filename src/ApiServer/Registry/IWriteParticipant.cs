namespace MiniKube.ApiServer.Registry;

/// <summary>
/// Lets something else change together with an object, in the same transaction: an address is taken when its Service is created and given back when
/// it is deleted. Called once for every attempt of a write, after defaults and preparation and before validation.
/// </summary>
public interface IWriteParticipant
{
    /// <summary>
    /// May set fields of the new object (an address that was asked to be chosen). When one of the returned compares does not hold at the commit, the
    /// whole attempt is made again from the newest state. Throws StatusException to refuse the write.
    /// </summary>
    ValueTask<WriteParts> ParticipateAsync(WriteAttempt attempt, CancellationToken cancellationToken);
}
