namespace MiniKube.ApiServer.Admission;

/// <summary>What a request does to an object, as admission sees it.</summary>
internal enum AdmissionOperation
{
    Create,
    Update,
    Delete,
    Connect,
}
