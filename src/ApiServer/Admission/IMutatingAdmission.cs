namespace MiniKube.ApiServer.Admission;

/// <summary>Changes an object before it is prepared and validated, or refuses it.</summary>
internal interface IMutatingAdmission
{
    ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken);
}
