namespace MiniKube.ApiServer.Admission;

/// <summary>Refuses a write that is valid by itself but not wanted here. Sees the object as it will be stored.</summary>
internal interface IValidatingAdmission
{
    ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken);
}
