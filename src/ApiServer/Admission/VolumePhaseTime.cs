using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Admission;

/// <summary>
/// Writes into the status of a PersistentVolume when its phase changed, unless the writer says so himself. Not a plugin that can be turned off; upstream has it in the strategy of the kind.
/// </summary>
internal sealed class VolumePhaseTime(TimeProvider clock) : IMutatingAdmission
{
    private const string Time = "lastPhaseTransitionTime";

    public ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var (operation, request, obj, old) = attributes;
        if (operation == AdmissionOperation.Update && request is { Subresource: "status", Resource.Name: { Group: "", Resource: "persistentvolumes" } }
            && obj.ObjectAt("status") is { } status && status.StringAt("phase") != old.StringAt("status", "phase")
            && (status.StringAt(Time) is null || status.StringAt(Time) == old.StringAt("status", Time)))
        {
            status[Time] = ObjectMetadata.Timestamp(clock.GetUtcNow());
        }

        return ValueTask.CompletedTask;
    }
}
