using System.Text.Json.Nodes;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Admission;

/// <summary>A write as admission judges it.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Request">To what, and by whom.</param>
/// <param name="Object">The object to be stored; null for a deletion.</param>
/// <param name="Old">The object that is stored, as it truly is; null for a create.</param>
internal sealed record AdmissionAttributes(AdmissionOperation Operation, WriteRequest Request, JsonObject? Object, JsonObject? Old);
